"""Where something is built: a directory that is made anew, unless it holds other files."""

import shutil


def clear(directory, mark):
    """Remove what an earlier build left, told by the file `mark`. Stops the program where there are
    other files."""
    if directory.is_dir() and any(directory.iterdir()):
        if not (directory / mark).is_file():
            raise SystemExit(f"{directory} holds something else: name an empty directory")
        shutil.rmtree(directory)
