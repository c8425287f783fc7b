namespace EcrBuildTasks.Tool.Cases;

/// <summary>A line that is no authorization case; the message names the field and what is wrong with it.</summary>
internal sealed class CaseFormatException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The id of the case, where it could be read.</summary>
    public string? Id { get; init; }
}
