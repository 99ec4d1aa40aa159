"""The clock: reminders, escalations, expiries, effects that did not leave, runs that are gone."""
