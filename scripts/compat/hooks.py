"""What schemathesis cannot make up by itself: audio files, and sometimes bytes that are none."""

import io
import wave

import schemathesis
from hypothesis import strategies as st


def tone(seconds):
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(8000)
        square = b"\x00\x20" * 10 + b"\x00\xe0" * 10
        out.writeframes(square * int(seconds * 400))
    return file.getvalue()


AUDIO = st.one_of(st.sampled_from([tone(0.1), tone(0.5), tone(1.5)]), st.binary(max_size=200))

schemathesis.openapi.format("binary", AUDIO)
schemathesis.openapi.media_type("audio/wav", AUDIO, aliases=["audio/mpeg", "audio/flac", "audio/ogg"])
