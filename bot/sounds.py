"""Making a sound anew, with PyAV: 16 MB that a process has only once it hears a voice."""

import io
from collections.abc import Iterator

import av
from av.audio.resampler import AudioResampler
from av.container import InputContainer

LONGEST_VOICE_SECONDS = 300
RATE = 24_000
BITS = 32_000
PER_SECOND = 50
"""Frames of AMR in a second."""


def as_mp3(content: bytes) -> bytes:
    """
    Return a voice as MP3; nothing where it has no sound.

    Raises:
        ValueError: it is broken.
    """
    try:
        return _as_mp3(content)
    except av.FFmpegError as error:
        raise ValueError(type(error).__name__) from None


def _as_mp3(content: bytes) -> bytes:
    out = io.BytesIO()
    heard = 0
    with av.open(io.BytesIO(content), "r") as source, av.open(out, "w", format="mp3") as target:
        stream = target.add_stream("mp3", rate=RATE, layout="mono")
        stream.bit_rate = BITS
        resampler = AudioResampler(format=stream.format, layout="mono", rate=RATE)
        for frame in _frames(source):
            for piece in resampler.resample(frame):
                heard += piece.samples
                target.mux(stream.encode(piece))
            if heard > LONGEST_VOICE_SECONDS * RATE:
                break
        for piece in resampler.resample(None):
            target.mux(stream.encode(piece))
        target.mux(stream.encode(None))
    return out.getvalue() if heard else b""


def _frames(source: InputContainer) -> Iterator[av.AudioFrame]:
    """Yield the sound in order; a frame that says nothing, or is broken, is silence."""
    samples = 0
    for packet in source.demux(audio=0):
        try:
            found = packet.decode()
        except av.FFmpegError:
            found = [_silence(source.streams.audio[0])] if packet.size else []
        for frame in found:
            frame.pts = samples
            samples += frame.samples
            yield frame


def _silence(stream: av.AudioStream) -> av.AudioFrame:
    context = stream.codec_context
    rate = context.sample_rate
    frame = av.AudioFrame(format="fltp", layout=context.layout, samples=rate // PER_SECOND)
    for plane in frame.planes:
        plane.update(bytes(plane.buffer_size))
    frame.sample_rate = rate
    return frame
