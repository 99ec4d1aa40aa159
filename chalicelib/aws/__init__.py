"""Storey 2: the only place that imports boto3. Its errors never leave as botocore's."""
