using EcrBuildTasks.Settings;

namespace EcrBuildTasks.Aws;

/// <summary>A source of credentials that settings, environment or files define.</summary>
/// <param name="Name">The text to show, such as <c>the keys in AWS_ACCESS_KEY_ID</c>.</param>
/// <param name="IsChosen">Whether the user selected it; the others are defaults or belong to the machine.</param>
public sealed record CredentialSource(string Name, bool IsChosen);

/// <summary>The available sources of credentials, used or not.</summary>
public static class CredentialSources
{
    /// <summary>
    /// The sources in the order of <see cref="CredentialChain"/>: the first takes precedence over the others. The EC2 instance is
    /// not included, because detecting it requires the network.
    /// </summary>
    public static IReadOnlyList<CredentialSource> List(AwsSettings settings, EnvironmentVariables environment) =>
        [.. All(settings, environment).OfType<CredentialSource>().Distinct()];

    private static IEnumerable<CredentialSource?> All(AwsSettings settings, EnvironmentVariables environment)
    {
        yield return settings.Profile is { Length: > 0 } chosen ? Profile(chosen) : null;
        yield return Variable(environment, CredentialChain.AccessKey, "the keys in", isChosen: true);
        yield return Variable(environment, CredentialChain.TokenFile, "the web identity in", isChosen: true);
        yield return environment["AWS_PROFILE"] is { } named ? Profile(named)
        : new AwsProfiles(environment).Find("default") is { HasCredentialSettings: true }
            ? Profile("default") with
            {
                IsChosen = false,
            }
        : null;
        yield return Variable(environment, ContainerCredentials.RelativeUri, "the container role from")
            ?? Variable(environment, ContainerCredentials.FullUri, "the container role from");
    }

    private static CredentialSource Profile(string name) => new($"the profile '{name}'", IsChosen: true);

    private static CredentialSource? Variable(
        EnvironmentVariables environment,
        string variable,
        string what,
        bool isChosen = false
    ) => environment[variable] is null ? null : new($"{what} {variable}", isChosen);
}
