namespace EcrBuildTasks.RealParts;

/// <summary>A request that went through a <see cref="FaultProxy"/>.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The path, without query.</param>
/// <param name="Query">The query with its question mark; empty without one.</param>
/// <param name="BodyBytes">The bytes of the body that were taken from the client so far.</param>
/// <param name="Status">The status of the answer; 0 where there is none, because of a broken connection or not yet.</param>
/// <param name="Start"><inheritdoc cref="Exchange" path="/param[@name='Start']"/></param>
/// <param name="End"><inheritdoc cref="Exchange" path="/param[@name='End']"/></param>
public sealed record ProxiedRequest(
    string Method,
    string Path,
    string Query,
    long BodyBytes,
    int Status,
    TimeSpan Start,
    TimeSpan? End
) : Exchange(Start, End)
{
    /// <summary>Whether the request carried an <c>Authorization</c> header.</summary>
    public bool IsAuthorized { get; init; }
}
