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
        var createRepository = Switch("EcrCreateRepository", CreateRepository);
        var ifTagExists = Choice("EcrIfTagExists", IfTagExists, EcrBuildTasks.Preflight.IfTagExists.Fail);
        var floatingTags = Switch("EcrFloatingTags", FloatingTags);
        var tagCommit = Switch("EcrTagCommit", TagCommit);
        var tagBranch = Switch("EcrTagBranch", TagBranch);
        if (Log.HasLoggedErrors)
        {
            return [];
        }

        var request = new PushRequest
        {
            Repository = Repository,
            Tags = ImageTags,
            SourceTags = new SourceTags(ProcessEnvironment, Path.GetDirectoryName(ProjectFile)!).Of(
                tagCommit,
                tagBranch,
                Given(Commit),
                Given(Branch)
            ),
            FloatingTags = floatingTags,
            Region = Given(Region),
            Profile = Given(Profile),
            RoleArn = Given(RoleArn),
            ExternalId = Given(ExternalId),
            Preflight = preflight,
            DockerHost = Given(DockerHost),
            CreateRepository = createRepository,
            RepositorySettings = RepositoryOptions().Read(Path.GetDirectoryName(ProjectFile)!),
            IfTagExists = ifTagExists,
            Scan = new ScanOptions(Given(FailOnSeverity), Given(ScanTimeout)).Read(),
            Mode = mode,
        };
        string[] registries = [.. Registry.Select(Given).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase)];
        return registries.Length == 0 ? [request] : [.. registries.Select(host => request with { Registry = host })];
    }

    private TChoice Choice<TChoice>(string property, string value, TChoice standard)
        where TChoice : struct, Enum => Reported(() => PropertyChoice.Read(property, value, standard), standard);

    private bool Switch(string property, string value) =>
        Reported(() => PropertyChoice.IsTrue(property, value), standard: false);

    /// <summary>Reads a value; one that cannot be is an error, and the next is read all the same.</summary>
    private T Reported<T>(Func<T> read, T standard)
    {
        try
        {
            return read();
        }
        catch (DiagnosedException wrong)
        {
            Report(wrong.Diagnostic);
            return standard;
        }
    }

    private static string? Given(string value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();
}
