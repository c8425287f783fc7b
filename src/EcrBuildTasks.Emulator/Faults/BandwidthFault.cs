namespace EcrBuildTasks.Emulator.Faults;

/// <summary>Reads a request's body slowly.</summary>
/// <param name="Step"><inheritdoc cref="Fault" path="/param[@name='Step']"/></param>
/// <param name="BytesPerSecond">How fast, at most, each body is read.</param>
/// <remarks>The client may be a few megabytes ahead, which buffers on the way hold.</remarks>
public sealed record BandwidthFault(string Step, long BytesPerSecond) : Fault(Step)
{
    internal override string? FindMistake() =>
        base.FindMistake() ?? (BytesPerSecond < 1 ? "BytesPerSecond must be at least 1." : null);

    internal override Task StrikeAsync(HttpContext context, RequestDelegate next)
    {
        context.Request.Body = new SlowBody(context.Request.Body, BytesPerSecond);
        return next(context);
    }

    private sealed class SlowBody(Stream body, long bytesPerSecond) : RequestBody(body)
    {
        private readonly long _started = TimeProvider.System.GetTimestamp();
        private long _position;

        public override async ValueTask<int> ReadAsync(
            Memory<byte> buffer,
            CancellationToken cancellationToken = default
        )
        {
            // A twentieth of a second's worth at a time, so that it flows instead of coming in lumps.
            var most = (int)Math.Clamp(bytesPerSecond / 20, 1, buffer.Length);
            var count = await Inner.ReadAsync(buffer[..most], cancellationToken);
            _position += count;
            var due = TimeSpan.FromSeconds((double)_position / bytesPerSecond);
            var early = due - TimeProvider.System.GetElapsedTime(_started);
            if (early > TimeSpan.Zero)
            {
                await Task.Delay(early, cancellationToken);
            }

            return count;
        }
    }
}
