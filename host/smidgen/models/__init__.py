"""The model zoo: one Keras architecture a file."""
