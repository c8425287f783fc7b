using System.Text;

namespace EcrBuildTasks.Tool.CommandLine;

/// <summary>Standard output that tells when it cannot be written, lest a full disk be taken for a bug.</summary>
internal sealed class ResultWriter(TextWriter inner) : TextWriter
{
    public override Encoding Encoding => inner.Encoding;

    /// <exception cref="ResultNotWrittenException">Standard output is closed, or its disk is full.</exception>
    public override void Write(char value) => Guard(() => inner.Write(value));

    /// <inheritdoc cref="Write(char)"/>
    public override void Write(char[] buffer, int index, int count) => Guard(() => inner.Write(buffer, index, count));

    /// <inheritdoc cref="Write(char)"/>
    public override void Write(string? value) => Guard(() => inner.Write(value));

    /// <inheritdoc cref="Write(char)"/>
    public override void WriteLine(string? value) => Guard(() => inner.WriteLine(value));

    /// <inheritdoc cref="Write(char)"/>
    public override void Flush() => Guard(inner.Flush);

    private static void Guard(Action write)
    {
        try
        {
            write();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ResultNotWrittenException(failure);
        }
    }
}

/// <summary>Standard output could not be written.</summary>
internal sealed class ResultNotWrittenException(Exception cause)
    : Exception($"Standard output cannot be written: {(cause.InnerException ?? cause).Message}", cause);
