"""Storey 2: the only place that imports botocore. Its errors never leave as botocore's."""
