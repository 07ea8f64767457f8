"""The pages: citizens' errands, public results, the staff's desk, what is printed, the set-up."""
