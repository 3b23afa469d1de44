"""Drop: files of voices that others put into a folder or a bucket."""
