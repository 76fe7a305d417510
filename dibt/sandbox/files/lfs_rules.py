"""Which files go to LFS."""

from pathlib import PurePosixPath

SUFFIXES = frozenset(
    {
        *("7z", "bz2", "gz", "rar", "tar", "tgz", "xz", "zip", "zst"),
        *("arrow", "h5", "mds", "msgpack", "npy", "npz", "parquet"),
        *("bin", "ckpt", "ftz", "joblib", "onnx", "pickle", "pkl", "pt", "pth", "safetensors", "wasm"),
        *("jpeg", "jpg", "mp3", "mp4", "png", "wav", "webp"),
    }
)
GITATTRIBUTES = "".join(f"*.{suffix} filter=lfs diff=lfs merge=lfs -text\n" for suffix in sorted(SUFFIXES))
LARGEST_REGULAR = 10 * 1024 * 1024


def is_lfs(path: str, size: int) -> bool:
    """Whether a file belongs into LFS, by its suffix or because git is not for files of that size."""
    return PurePosixPath(path).suffix.removeprefix(".").lower() in SUFFIXES or size > LARGEST_REGULAR
