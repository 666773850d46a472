"""What UK Parliament and GOV.UK publish, asked over a network: politely, whole or not at all."""
