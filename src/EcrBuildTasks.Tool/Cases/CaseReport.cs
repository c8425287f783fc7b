using System.Buffers;

namespace EcrBuildTasks.Tool.Cases;

/// <summary>The outcome of a line.</summary>
internal enum Outcome
{
    /// <summary>Answered, and as expected if an answer was expected.</summary>
    Right,

    /// <summary>Answered, but not as expected.</summary>
    Wrong,

    Malformed,
}

/// <summary>The output for a sequence of lines.</summary>
internal abstract class CaseReport
{
    private readonly ArrayBufferWriter<byte> _written = new(initialCapacity: 64 * 1024);

    /// <summary>The output so far, as UTF-8.</summary>
    public ReadOnlyMemory<byte> Written => _written.WrittenMemory;

    protected IBufferWriter<byte> Output => _written;

    public Outcome Add(Line line)
    {
        try
        {
            return Add(line, CaseReader.Read(line.Text.Span));
        }
        catch (CaseFormatException exception)
        {
            AddMalformed(line, exception);
            return Outcome.Malformed;
        }
    }

    protected abstract Outcome Add(Line line, AuthorizationCase authorizationCase);

    protected abstract void AddMalformed(Line line, CaseFormatException exception);
}
