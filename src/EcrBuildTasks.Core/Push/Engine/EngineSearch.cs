using EcrBuildTasks.Settings;

namespace EcrBuildTasks.Push.Engine;

/// <summary>Where to search for a Docker Engine.</summary>
/// <param name="Host">An endpoint in the format of <c>DOCKER_HOST</c>, which takes precedence over everything else; or <see langword="null"/>.</param>
/// <param name="Environment">The environment, which may name an engine or a docker context.</param>
public sealed record EngineSearch(string? Host, EnvironmentVariables Environment)
{
    internal static EngineSearch Usual { get; } = new(null, EnvironmentVariables.None);
}
