"""What a mail is made of, read and written without a connection; and the two connections."""
