"""A graduate becomes a consultant: agreement, facts and approval, and in the end a row of the directory."""
