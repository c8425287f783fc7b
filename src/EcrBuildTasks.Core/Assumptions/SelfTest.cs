using System.Diagnostics;
using System.Text.Json.Nodes;
using Amazon.Runtime;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Aws.Model;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Policies;
using EcrBuildTasks.Policies.Names;
using EcrBuildTasks.Preflight;
using EcrBuildTasks.Repositories;
using EcrBuildTasks.Settings;

namespace EcrBuildTasks.Assumptions;

/// <summary>
/// Checks all <see cref="Assumption"/>s in a repository that it creates and deletes. It changes nothing else: a name that does not exist
/// is asked for only in requests that cannot create it.
/// </summary>
public sealed class SelfTest : IDisposable
{
    private static readonly TimeSpan ToDelete = TimeSpan.FromSeconds(10);

    /// <summary>An action with valid input: its denial shows that a policy is in effect, whatever ECR checks first.</summary>
    private static readonly string Witness = EcrActions.ForOperation(RegistryKind.Private, "DescribeImages");

    private readonly AwsSession _session;
    private readonly EcrRegistry _registry;
    private readonly EcrClient _ecr;
    private bool _isCreated;

    /// <param name="registry">The private registry of the caller's account.</param>
    /// <param name="environment">The environment, whose certificates are trusted.</param>
    public SelfTest(AwsSession session, EcrRegistry registry, EnvironmentVariables environment)
    {
        (_session, _registry) = (session, registry);
        _ecr = session.CreateEcrClient(registry);
        Probe = ProbeIn(registry.Account, Repository);
        Registry = new(session, registry, Repository, environment);
    }

    /// <summary>Random, so that a repository with this name can only be this one.</summary>
    public string Repository { get; } = $"ecr-selftest-{Guid.NewGuid():N}"[..29];

    /// <summary>Another account, in whose registry a repository that does not exist is looked for; <see langword="null"/> for none.</summary>
    public string? OtherAccount { get; init; }

    /// <summary>Whether the repository may still exist.</summary>
    public bool MayRemain { get; private set; }

    public string DeleteCommand =>
        $"aws ecr delete-repository --force --registry-id {_registry.Account} --region {_registry.Region} --repository-name {Repository}";

    internal SelfTestTiming Timing { get; init; } = new();

    internal PermissionProbe Probe { get; }

    internal TestRegistry Registry { get; }

    internal string NoSuchRole =>
        Arn.ForIam(_registry.Partition.Name, _registry.Account, $"role/{Repository}").ToString();

    /// <summary>Creates the repository, checks each assumption and deletes the repository, also after a cancellation.</summary>
    /// <param name="report">Receives each result.</param>
    /// <exception cref="DiagnosedException">The repository cannot be created.</exception>
    public async Task<IReadOnlyList<(Assumption Assumption, Observation Observation)>> RunAsync(
        Action<Assumption, Observation> report,
        CancellationToken cancellationToken
    )
    {
        var results = new List<(Assumption, Observation)>();
        try
        {
            await CreateAsync(cancellationToken);
            foreach (var assumption in Assumption.All)
            {
                var observation = await CheckAsync(assumption, cancellationToken);
                report(assumption, observation);
                results.Add((assumption, observation));
            }
        }
        finally
        {
            await DeleteAsync();
        }

        return results;
    }

    public void Dispose()
    {
        _ecr.Dispose();
        Registry.Dispose();
    }

    private async Task CreateAsync(CancellationToken cancellationToken)
    {
        MayRemain = true;
        try
        {
            await RepositoryCreation.RunAsync(
                _ecr,
                _registry,
                Repository,
                new() { ScanOnPush = false },
                cancellationToken
            );
            _isCreated = true;
        }
        catch (AmazonServiceException refused)
            when (RepositoryCallDiagnosis.Find(refused, _session, _registry, Repository) is { } diagnostic)
        {
            MayRemain = false;
            throw new DiagnosedException(diagnostic);
        }
    }

    private async Task DeleteAsync()
    {
        if (!MayRemain)
        {
            return;
        }

        using var limit = new CancellationTokenSource(ToDelete);
        try
        {
            await _ecr.DeleteRepositoryAsync(
                new()
                {
                    RegistryId = _registry.Account,
                    RepositoryName = Repository,
                    Force = true,
                },
                limit.Token
            );
            MayRemain = false;
        }
        // A creation whose answer was not awaited may still be carried out.
        catch (RepositoryNotFoundException) when (_isCreated)
        {
            MayRemain = false;
        }
        catch (Exception)
        {
            // The caller prints the command that deletes it.
        }
    }

    private async Task<Observation> CheckAsync(Assumption assumption, CancellationToken cancellationToken)
    {
        try
        {
            return await assumption.Check(this, cancellationToken);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            return failure is AmazonServiceException { ErrorCode: { Length: > 0 } code } answer
                ? Observation.NotChecked($"{code}: {answer.Message}", answer.RequestId)
                : Observation.NotChecked(failure.Message);
        }
    }

    private PermissionProbe ProbeIn(string account, string repository) =>
        new(_ecr, account, repository, CallLimit.Standard);

    internal async Task<Observation> FindImagesAsync(IReadOnlyList<string> actions, CancellationToken cancellationToken)
    {
        foreach (var action in actions)
        {
            await Probe.AskAsync(action, cancellationToken);
            var described = await DescribeImagesAsync(cancellationToken);
            if (described.ImageDetails is [var image, ..])
            {
                return new(
                    false,
                    $"after the probe of {action}: {image.ImageDigest}",
                    described.ResponseMetadata?.RequestId
                );
            }
        }

        return new(true, "no image after any probe", null);
    }

    /// <summary>Denies the caller an action by the repository's policy and probes it.</summary>
    internal async Task<Observation> DenyAsync(string action, CancellationToken cancellationToken)
    {
        var before = await Probe.AskAsync(action, cancellationToken);
        if (before.Permission is Permission.Denied)
        {
            return Observation.NotChecked(
                $"the caller is denied without the policy too: {before.Reason}",
                before.RequestId
            );
        }

        if (await IsWitnessDeniedAsync(cancellationToken))
        {
            return Observation.NotChecked($"{Witness} is denied without the policy too");
        }

        var start = Stopwatch.GetTimestamp();
        await SetPolicyAsync(Deny(action), cancellationToken);
        var isInEffect = await Timing.WaitAsync(
            Timing.Policy,
            () => IsWitnessDeniedAsync(cancellationToken),
            cancellationToken
        );
        var elapsed = Stopwatch.GetElapsedTime(start);
        var verdict = before;
        var isDenied =
            isInEffect
            && await Timing.WaitAsync(
                Timing.Settle,
                async () => (verdict = await Probe.AskAsync(action, cancellationToken)).Permission is Permission.Denied,
                cancellationToken
            );
        await _ecr.DeleteRepositoryPolicyAsync(
            new() { RegistryId = _registry.Account, RepositoryName = Repository },
            cancellationToken
        );
        await Timing.WaitAsync(
            Timing.Policy,
            async () => !await IsWitnessDeniedAsync(cancellationToken),
            cancellationToken
        );
        var result = Compare(verdict, isDenied);
        return isInEffect
            ? result with
            {
                Found =
                    $"{result.Found}; without the policy {before.RawAnswer}; the policy was in effect after {elapsed.TotalSeconds:0.0} s",
            }
            : Observation.NotChecked($"the policy had no effect within {elapsed.TotalSeconds:0} s");
    }

    internal async Task<Observation> FindMissingAsync(CancellationToken cancellationToken)
    {
        var verdict = await ProbeIn(_registry.Account, $"{Repository}/missing")
            .AskAsync(PushAction.BatchCheckLayerAvailability, cancellationToken);
        return verdict.Permission is Permission.Denied
            ? Observation.NotChecked($"the caller is denied: {verdict.Reason}", verdict.RequestId)
            : Compare(verdict, verdict.Repository is Presence.Absent);
    }

    internal async Task<Observation> FindInOtherAccountAsync(CancellationToken cancellationToken)
    {
        if (OtherAccount is null)
        {
            return Observation.NoOtherAccount;
        }

        var verdict = await ProbeIn(OtherAccount, Repository)
            .AskAsync(PushAction.BatchCheckLayerAvailability, cancellationToken);
        return Compare(verdict, verdict.Permission is Permission.Denied);
    }

    /// <summary>Asks for repositories with such names, which creates none.</summary>
    internal async Task<Observation> CompareNamesAsync(IReadOnlyList<string> ends, CancellationToken cancellationToken)
    {
        var found = new List<string>();
        var (holds, requestId) = (true, (string?)null);
        foreach (var end in ends)
        {
            var name = $"{Repository}/{end}";
            var answer = await AskForAsync(name);
            var isExpected = RepositoryName.IsValid(name, RegistryKind.Private)
                ? answer is RepositoryNotFoundException
                : answer is InvalidParameterException;
            requestId = isExpected ? requestId ?? answer?.RequestId : answer?.RequestId;
            holds &= isExpected;
            if (!isExpected)
            {
                found.Add($"{end}: {answer?.ErrorCode ?? "200"}");
            }
        }

        return new(
            holds,
            holds
                ? "RepositoryNotFoundException for valid names, InvalidParameterException for others"
                : string.Join(", ", found),
            requestId
        );

        async Task<AmazonServiceException?> AskForAsync(string name)
        {
            try
            {
                await _ecr.DescribeRepositoriesAsync(
                    new() { RegistryId = _registry.Account, RepositoryNames = [name] },
                    cancellationToken
                );
                return null;
            }
            catch (AmazonServiceException answer)
                when (!IsOutage(answer.ErrorCode) && answer.ErrorCode is not "AccessDeniedException")
            {
                return answer;
            }
        }
    }

    /// <param name="policy">A policy that grants nothing, in case ECR accepts it.</param>
    internal async Task<Observation> RejectPolicyAsync(string policy, string text, CancellationToken cancellationToken)
    {
        try
        {
            var accepted = await SetPolicyAsync(policy, cancellationToken);
            return new(false, "200: the policy was accepted", accepted.ResponseMetadata?.RequestId);
        }
        catch (AmazonServiceException refused)
            when (!IsOutage(refused.ErrorCode) && refused.ErrorCode is not "AccessDeniedException")
        {
            return new(
                refused is InvalidParameterException && refused.Message.Contains(text, StringComparison.Ordinal),
                $"{refused.ErrorCode}: {refused.Message}",
                refused.RequestId
            );
        }
    }

    internal static Observation Compare(ActionVerdict verdict, bool isExpected) =>
        new(
            isExpected ? true
                : IsOutage(verdict.RawAnswer) ? null
                : false,
            verdict.RawAnswer is null ? verdict.Reason
                : verdict.Permission is Permission.Denied ? $"{verdict.RawAnswer}: {verdict.Reason}"
                : verdict.RawAnswer,
            verdict.RequestId
        );

    /// <summary>Whether ECR answered nothing, or what it can answer to any request.</summary>
    private static bool IsOutage(string? code) => code is null or "" or "ThrottlingException" or "ServerException";

    /// <summary>A repository policy that denies an action and the witness. It grants nothing, even if ECR accepts it by mistake.</summary>
    internal static string Deny(string? action = null, string? principal = null, string? resource = null)
    {
        var statement = new JsonObject
        {
            ["Effect"] = "Deny",
            ["Principal"] = principal is null ? "*" : new JsonObject { ["AWS"] = principal },
            ["Action"] = new JsonArray([
                .. new[] { action, Witness }.OfType<string>().Select(name => JsonValue.Create(name)),
            ]),
        };
        if (resource is not null)
        {
            statement["Resource"] = resource;
        }

        return new JsonObject { ["Version"] = "2012-10-17", ["Statement"] = new JsonArray(statement) }.ToJsonString();
    }

    private async Task<DescribeImagesResponse> DescribeImagesAsync(CancellationToken cancellationToken) =>
        await _ecr.DescribeImagesAsync(
            new() { RegistryId = _registry.Account, RepositoryName = Repository },
            cancellationToken
        );

    private async Task<bool> IsWitnessDeniedAsync(CancellationToken cancellationToken)
    {
        try
        {
            await DescribeImagesAsync(cancellationToken);
            return false;
        }
        catch (AmazonServiceException answer)
        {
            return answer.ErrorCode is "AccessDeniedException";
        }
    }

    private Task<SetRepositoryPolicyResponse> SetPolicyAsync(string policy, CancellationToken cancellationToken) =>
        _ecr.SetRepositoryPolicyAsync(
            new()
            {
                RegistryId = _registry.Account,
                RepositoryName = Repository,
                PolicyText = policy,
            },
            cancellationToken
        );
}

/// <summary>How long a self-test waits.</summary>
internal sealed record SelfTestTiming
{
    /// <summary>For a repository policy to be in effect, or no longer.</summary>
    public TimeSpan Policy { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>For the policy to be in effect everywhere, after the first denial.</summary>
    public TimeSpan Settle { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>For a layer to be found.</summary>
    public TimeSpan Layer { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Between two attempts.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Repeats until the condition is true.</summary>
    /// <returns>Whether it became true in time.</returns>
    public async Task<bool> WaitAsync(
        TimeSpan patience,
        Func<Task<bool>> condition,
        CancellationToken cancellationToken
    )
    {
        for (var start = Stopwatch.GetTimestamp(); ; await Task.Delay(Pause, cancellationToken))
        {
            if (await condition())
            {
                return true;
            }

            if (Stopwatch.GetElapsedTime(start) >= patience)
            {
                return false;
            }
        }
    }
}
