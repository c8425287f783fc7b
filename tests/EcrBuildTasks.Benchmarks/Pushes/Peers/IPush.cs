namespace EcrBuildTasks.Benchmarks.Pushes.Peers;

/// <summary>One way to bring one image, which lies ready, into a registry on loopback over plain HTTP.</summary>
internal interface IPush
{
    string Name { get; }

    /// <summary>Pushes with the tag <c>1</c>.</summary>
    /// <returns>The time as a user sees it; what lies ready before a push is outside.</returns>
    Task<TimeSpan> PushAsync(string host, string repository);
}
