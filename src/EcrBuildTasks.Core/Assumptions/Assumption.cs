using System.Net;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Images;
using EcrBuildTasks.Policies;
using EcrBuildTasks.Policies.Names;
using EcrBuildTasks.Preflight;
using EcrBuildTasks.Push.Registry;

namespace EcrBuildTasks.Assumptions;

/// <summary>
/// What the preflight and the push rely on although AWS does not document it, and the check that compares it with ECR. The
/// expectations are those of the code that relies on them.
/// </summary>
public sealed class Assumption
{
    private Assumption(string id, string statement, Func<SelfTest, CancellationToken, Task<Observation>> check) =>
        (Id, Statement, Check) = (id, statement, check);

    public string Id { get; }

    public string Statement { get; }

    internal Func<SelfTest, CancellationToken, Task<Observation>> Check { get; }

    /// <summary>All assumptions. Those about an empty repository come first.</summary>
    public static IReadOnlyList<Assumption> All { get; } =
    [
        .. Probes.Select(Allowed),
        new(
            "probes-leave-nothing",
            "The probes of a caller who is allowed to push leave no image in the repository.",
            (test, cancellation) => test.FindImagesAsync(Probes, cancellation)
        ),
        .. Probes.Select(Denied),
        new(
            "missing-repository",
            "If the caller is allowed to use a repository that does not exist, ECR answers with RepositoryNotFoundException.",
            (test, cancellation) => test.FindMissingAsync(cancellation)
        ),
        new(
            "missing-in-other-account",
            "If a repository of another account does not exist, ECR answers with AccessDeniedException.",
            (test, cancellation) => test.FindInOtherAccountAsync(cancellation)
        ),
        new(
            "repository-names",
            $"ECR accepts {string.Join(", ", Names.Where(IsValidName))} in a repository name, and rejects {string.Join(", ", Names.Where(name => !IsValidName(name)))}.",
            (test, cancellation) => test.CompareNamesAsync(Names, cancellation)
        ),
        new(
            "policy-resource",
            "ECR rejects a repository policy with a Resource element as an invalid repository policy.",
            (test, cancellation) =>
                test.RejectPolicyAsync(SelfTest.Deny(resource: "*"), "Invalid repository policy provided", cancellation)
        ),
        new(
            "policy-principal",
            "ECR rejects a repository policy that names a role that does not exist with the text: Principal not found.",
            (test, cancellation) =>
                test.RejectPolicyAsync(SelfTest.Deny(principal: test.NoSuchRole), "Principal not found", cancellation)
        ),
        new(
            "upload-start",
            $"The registry answers POST that starts an upload with {ExpectedAnswer.Upload.Description}.",
            async (test, cancellation) =>
                TestRegistry.Compare(await test.Registry.StartUploadAsync(cancellation), ExpectedAnswer.Upload)
        ),
        new(
            "upload-part",
            $"The registry answers PATCH of an upload with {ExpectedAnswer.Part.Description}.",
            async (test, cancellation) =>
                TestRegistry.Compare(await test.Registry.SendPartAsync([1], cancellation), ExpectedAnswer.Part)
        ),
        new(
            "upload-complete",
            $"The registry answers PUT that completes an upload with {ExpectedAnswer.Stored("of the layer").Description}.",
            async (test, cancellation) =>
            {
                byte[] content = [2];
                return TestRegistry.Compare(
                    await test.Registry.CompleteUploadAsync(content, cancellation),
                    ExpectedAnswer.Stored(Digest.Compute(content))
                );
            }
        ),
        new(
            "upload-whole",
            $"The registry answers PUT that carries the whole layer with {ExpectedAnswer.Stored("of the layer").Description}.",
            async (test, cancellation) =>
            {
                byte[] content = [3];
                return TestRegistry.Compare(
                    await test.Registry.UploadAsync(content, cancellation),
                    ExpectedAnswer.Stored(Digest.Compute(content))
                );
            }
        ),
        new(
            "upload-empty",
            "The registry rejects an upload without content.",
            async (test, cancellation) =>
                TestRegistry.Compare(await test.Registry.UploadAsync([], cancellation), answer => !answer.IsSuccess)
        ),
        new(
            "manifest-put",
            $"The registry answers PUT of a manifest with {ExpectedAnswer.Stored("of the manifest").Description}.",
            async (test, cancellation) =>
            {
                var put = await test.Registry.PutImageAsync("manifest-put", test.Timing, cancellation);
                return put.LacksLayer
                    ? Observation.NotChecked(put.ToString(), put.Answer.RequestId)
                    : TestRegistry.Compare(put.Answer, ExpectedAnswer.Stored(put.Digest));
            }
        ),
        new(
            "manifest-after-layer",
            "The registry accepts a manifest within seconds after its layers were uploaded.",
            async (test, cancellation) =>
            {
                var put = await test.Registry.PutImageAsync("manifest-after-layer", test.Timing, cancellation);
                return new(!put.LacksLayer, put.ToString(), put.Answer.RequestId);
            }
        ),
        new(
            "manifest-refused",
            "The registry rejects a manifest that it does not support with 405 UNSUPPORTED.",
            async (test, cancellation) =>
                TestRegistry.Compare(
                    await test.Registry.PutManifestAsync("manifest-refused", "{x"u8.ToArray(), cancellation),
                    answer =>
                        answer is { Status: HttpStatusCode.MethodNotAllowed, Error.Code: "UNSUPPORTED" }
                        && Refusal.FromAnswer(answer).Code == EcrCode.ImageRefused
                )
        ),
        new(
            "tag-immutable",
            "The registry rejects moving an immutable tag with a text that says that the tag is immutable.",
            async (test, cancellation) =>
            {
                var first = await test.Registry.PutImageAsync("tag-immutable", test.Timing, cancellation);
                return first.Answer.IsSuccess
                    ? TestRegistry.Compare(
                        (await test.Registry.PutImageAsync("tag-immutable", test.Timing, cancellation)).Answer,
                        answer => !answer.IsSuccess && Refusal.FromAnswer(answer).Code == EcrCode.TagImmutable
                    )
                    : Observation.NotChecked(first.ToString(), first.Answer.RequestId);
            }
        ),
    ];

    // Properties, because the list above is initialized before fields.
    private static IReadOnlyList<string> Probes =>
        [.. PushAction.OnRepository, PushAction.ListImages, PushAction.DescribeImageScanFindings];

    private static IReadOnlyList<string> Names =>
        ["a--b", "a__b", "a/b", "a.b", "a..b", "a___b", "a-_b", "a.-b", "A", "a//b"];

    private static bool IsValidName(string name) => RepositoryName.IsValid($"a{name}", RegistryKind.Private);

    private static Assumption Allowed(string action) =>
        new(
            $"allowed-{Operation(action)}",
            $"If {action} is allowed, ECR answers its probe with {string.Join(" or ", PermissionProbe.AnswersWhenAllowed(action))}.",
            async (test, cancellation) =>
            {
                var verdict = await test.Probe.AskAsync(action, cancellation);
                return verdict.Permission is Permission.Denied
                    ? Observation.NotChecked($"the caller is denied: {verdict.Reason}", verdict.RequestId)
                    : SelfTest.Compare(verdict, PermissionProbe.AnswersWhenAllowed(action).Contains(verdict.RawAnswer));
            }
        );

    private static Assumption Denied(string action) =>
        new(
            $"denied-{Operation(action)}",
            $"If {action} is denied, ECR answers its probe with AccessDeniedException before it checks what the probe names.",
            (test, cancellation) => test.DenyAsync(action, cancellation)
        );

    private static string Operation(string action) => action[(action.IndexOf(':', StringComparison.Ordinal) + 1)..];
}

/// <summary>What ECR did.</summary>
/// <param name="Holds">Whether the assumption holds; <see langword="null"/> if that could not be checked.</param>
/// <param name="Found">What ECR answered, or why it was not checked.</param>
/// <param name="RequestId">The ID under which AWS can find the request, if ECR sent one.</param>
public sealed record Observation(bool? Holds, string Found, string? RequestId)
{
    /// <summary>Only a user can name another account.</summary>
    public static Observation NoOtherAccount { get; } = new(null, "no other account was specified", null);

    internal static Observation NotChecked(string reason, string? requestId = null) => new(null, reason, requestId);
}
