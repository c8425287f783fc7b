using EcrBuildTasks.Diagnostics;
using EcrBuildTasks.Preflight;

namespace EcrBuildTasks.Tasks;

/// <content>What the properties ask for.</content>
public abstract partial class EcrTask
{
    /// <summary>One request for each registry; none if a property has a value that it cannot have.</summary>
    private IReadOnlyList<PushRequest> ReadRequests()
    {
        var preflight = Choice("EcrPreflight", Preflight, PreflightMode.Probe);
        var mode = Choice("EcrPushMode", Mode, PushMode.Auto);
        var createRepository = Choice("EcrCreateRepository", CreateRepository, Switch.False);
        var ifTagExists = Choice("EcrIfTagExists", IfTagExists, EcrBuildTasks.Preflight.IfTagExists.Fail);
        var floatingTags = Choice("EcrFloatingTags", FloatingTags, Switch.False);
        var tagCommit = Choice("EcrTagCommit", TagCommit, Switch.False);
        var tagBranch = Choice("EcrTagBranch", TagBranch, Switch.False);
        if (Log.HasLoggedErrors)
        {
            return [];
        }

        var request = new PushRequest
        {
            Repository = Repository,
            Tags = ImageTags,
            SourceTags = new SourceTags(ProcessEnvironment, Path.GetDirectoryName(ProjectFile)!).Of(
                tagCommit is Switch.True,
                tagBranch is Switch.True,
                Given(Commit),
                Given(Branch)
            ),
            FloatingTags = floatingTags is Switch.True,
            Region = Given(Region),
            Profile = Given(Profile),
            RoleArn = Given(RoleArn),
            ExternalId = Given(ExternalId),
            Preflight = preflight,
            DockerHost = Given(DockerHost),
            CreateRepository = createRepository is Switch.True,
            RepositorySettings = RepositoryOptions().Read(Path.GetDirectoryName(ProjectFile)!),
            IfTagExists = ifTagExists,
            Scan = new ScanOptions(Given(FailOnSeverity), Given(ScanTimeout)).Read(),
            Mode = mode,
        };
        string[] registries = [.. Registry.Select(Given).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase)];
        return registries.Length == 0 ? [request] : [.. registries.Select(host => request with { Registry = host })];
    }

    private TChoice Choice<TChoice>(string property, string value, TChoice standard)
        where TChoice : struct, Enum
    {
        if (Given(value) is not { } given)
        {
            return standard;
        }

        if (
            Enum.TryParse<TChoice>(given, ignoreCase: true, out var choice)
            && Enum.IsDefined(choice)
            && !char.IsAsciiDigit(given[0])
        )
        {
            return choice;
        }

        Report(SettingDiagnosis.PropertyValue(property, given, Enum.GetNames<TChoice>()));
        return standard;
    }

    private static string? Given(string value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();

    private enum Switch
    {
        False,
        True,
    }
}
