"""Deployments: what somebody with a place in an emergency does there: shifts, hours, travel, encounters."""
