"""replan: exact, explained repayment plans for people in financial hardship."""
