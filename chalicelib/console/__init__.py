"""The console: who looks on, sees what every referral waits for, and puts a broken run right."""
