"""Pure rules: values in, a value or a named refusal out."""
