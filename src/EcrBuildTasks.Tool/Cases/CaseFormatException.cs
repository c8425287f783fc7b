namespace EcrBuildTasks.Tool.Cases;

/// <summary>A line that is not a valid authorization case; the message names the field and the problem.</summary>
internal sealed class CaseFormatException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The id of the case, if it could be read.</summary>
    public string? Id { get; init; }
}
