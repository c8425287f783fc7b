using EcrBuildTasks.Settings;

namespace EcrBuildTasks.Aws;

/// <summary>A source of credentials that settings, environment or files name.</summary>
/// <param name="Name">In words, such as <c>the keys in AWS_ACCESS_KEY_ID</c>.</param>
/// <param name="IsChosen">Whether somebody has named it; the others are there by default, or with the machine.</param>
public sealed record CredentialSource(string Name, bool IsChosen);

/// <summary>Which sources of credentials are at hand, whether or not they are used.</summary>
public static class CredentialSources
{
    /// <summary>
    /// Those that are named, in the order of <see cref="CredentialChain"/>: the first gives the credentials, and hides the
    /// others. That of an EC2 instance is not among them: only the network could tell.
    /// </summary>
    public static IReadOnlyList<CredentialSource> Of(AwsSettings settings, EnvironmentVariables environment) =>
        [.. All(settings, environment).OfType<CredentialSource>().Distinct()];

    private static IEnumerable<CredentialSource?> All(AwsSettings settings, EnvironmentVariables environment)
    {
        yield return settings.Profile is { Length: > 0 } chosen ? Profile(chosen) : null;
        yield return Variable(environment, CredentialChain.AccessKey, "the keys in", isChosen: true);
        yield return Variable(environment, CredentialChain.TokenFile, "the web identity of", isChosen: true);
        yield return environment["AWS_PROFILE"] is { } named ? Profile(named)
        : new AwsProfiles(environment).Find("default") is { HasCredentialSettings: true }
            ? Profile("default") with
            {
                IsChosen = false,
            }
        : null;
        yield return Variable(environment, ContainerCredentials.RelativeUri, "the role that the container has by")
            ?? Variable(environment, ContainerCredentials.FullUri, "the role that the container has by");
    }

    private static CredentialSource Profile(string name) => new($"the profile '{name}'", IsChosen: true);

    private static CredentialSource? Variable(
        EnvironmentVariables environment,
        string variable,
        string what,
        bool isChosen = false
    ) => environment[variable] is null ? null : new($"{what} {variable}", isChosen);
}
