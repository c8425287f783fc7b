using System.Buffers;

namespace EcrBuildTasks.Tool.Cases;

/// <summary>How a line came out.</summary>
internal enum Outcome
{
    /// <summary>Answered; where an answer was expected, with that one.</summary>
    Right,

    /// <summary>Answered otherwise than expected.</summary>
    Wrong,

    Malformed,
}

/// <summary>What is said of a run of lines, in their order.</summary>
internal abstract class CaseReport
{
    private readonly ArrayBufferWriter<byte> _written = new(initialCapacity: 64 * 1024);

    /// <summary>What was said so far, as UTF-8.</summary>
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
