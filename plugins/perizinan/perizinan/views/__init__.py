"""The pages: everybody's, the applicant's, the officers', the administrator's."""
