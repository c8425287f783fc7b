namespace EcrBuildTasks.Emulator.Faults;

/// <summary>Passes so many bytes of a request's body, then breaks it off.</summary>
internal sealed class InterruptedBody(Stream body, long length) : RequestBody(body)
{
    private long _remaining = length;

    public bool IsInterrupted { get; private set; }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count =
            _remaining == 0
                ? 0
                : await Inner.ReadAsync(buffer[..(int)Math.Min(buffer.Length, _remaining)], cancellationToken);
        if (count > 0 || buffer.IsEmpty)
        {
            _remaining -= count;
            return count;
        }

        IsInterrupted = true;
        throw new InterruptedBodyException();
    }
}

/// <summary>A fault broke the body off; who reads it leaves the rest to the fault.</summary>
internal sealed class InterruptedBodyException() : IOException("A fault interrupted the body.");
