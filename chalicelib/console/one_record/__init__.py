"""The record of a person or a site across all services, who may be whom, and how many there are."""
