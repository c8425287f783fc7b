namespace EcrBuildTasks.Core.Tests.Failures.Reading;

/// <summary>A long text that is nowhere whole.</summary>
internal sealed class Repetition(string piece, int length, string end = "") : TextReader
{
    private int _at;

    /// <summary>Called before each read.</summary>
    public Action<int> OnRead { get; init; } = _ => { };

    public override int Read(char[] buffer, int index, int count)
    {
        OnRead(_at);
        var read = Math.Min(count, length + end.Length - _at);
        for (var i = 0; i < read; i++, _at++)
        {
            buffer[index + i] = _at < length ? piece[_at % piece.Length] : end[_at - length];
        }

        return read;
    }
}
