"""Pictures for models that see: files of one's own, rendered scenes, the few real faces that scikit-image has."""
