using EcrBuildTasks.Emulator.Faults;
using EcrBuildTasks.Push.Registry;

namespace EcrBuildTasks.Core.Tests.Push.Registry;

/// <summary>The table of what goes wrong: every kind of fault at every step that a push has.</summary>
internal static class FaultyStep
{
    private static readonly string[] Steps =
    [
        FaultStep.HeadManifest,
        FaultStep.HeadBlob,
        FaultStep.StartUpload,
        FaultStep.UploadBlob,
        FaultStep.CompleteUpload,
        FaultStep.UploadWholeBlob,
        FaultStep.PutManifestByDigest,
        FaultStep.PutManifestByTag,
    ];

    /// <summary>What may pass: a push that meets it once goes on.</summary>
    private static readonly (string Name, Func<string, Fault> Make)[] Passing =
    [
        ("reset before the body", step => new ResetFault(step) { Moment = FaultMoment.BeforeBody }),
        ("reset in the body", step => new ResetFault(step) { Moment = FaultMoment.DuringBody }),
        ("reset after the body", step => new ResetFault(step) { Moment = FaultMoment.AfterBody }),
        ("answer lost", step => new ResetFault(step) { Moment = FaultMoment.AfterEffect }),
        ("stall before the body", step => new StallFault(step) { Moment = FaultMoment.BeforeBody }),
        ("stall in the body", step => new StallFault(step) { Moment = FaultMoment.DuringBody }),
        ("stall after the effect", step => new StallFault(step) { Moment = FaultMoment.AfterEffect }),
        ("408", step => new RefusalFault(step, 408)),
        ("429", step => new RefusalFault(step, 429)),
        ("429 with Retry-After", step => new RefusalFault(step, 429) { RetryAfter = TimeSpan.FromSeconds(1) }),
        ("500", step => new RefusalFault(step, 500)),
        ("502", step => new RefusalFault(step, 502)),
        ("503", step => new RefusalFault(step, 503) { Moment = FaultMoment.DuringBody }),
        ("truncated headers", step => new TruncatedAnswerFault(step) { InHeaders = true }),
        ("expired token", step => new ExpiredTokenFault(step)),
    ];

    /// <summary>What does not pass, or changes what the registry says.</summary>
    private static readonly (string Name, Func<string, Fault> Make)[] Lasting =
    [
        ("denial by policy", step => new PolicyDenialFault(step)),
        ("wrong digest", step => new WrongDigestFault(step)),
        ("truncated answer", step => new TruncatedAnswerFault(step)),
    ];

    public static IEnumerable<TheoryDataRow<string, string>> PassingRows => Rows(Passing);

    /// <summary>One kind of each way in which a push gives up, and what never passes.</summary>
    public static IEnumerable<TheoryDataRow<string, string>> LastingRows =>
        Rows([
            .. Passing.Where(row =>
                row.Name
                    is "reset before the body"
                        or "answer lost"
                        or "stall in the body"
                        or "429"
                        or "500"
                        or "truncated headers"
                        or "expired token"
            ),
            .. Lasting,
        ]);

    /// <summary>Impatient, and uploads by the way that the step belongs to: the others, and those of no way, in one request.</summary>
    public static PushTiming TimingOf(string step) =>
        PassingFaultTests.Impatient with
        {
            ResumeFrom = step is FaultStep.UploadBlob or FaultStep.CompleteUpload ? 0 : new PushTiming().ResumeFrom,
        };

    public static Fault Make(string kind, string step) =>
        Passing.Concat(Lasting).Single(row => row.Name == kind).Make(step);

    private static IEnumerable<TheoryDataRow<string, string>> Rows((string Name, Func<string, Fault> Make)[] kinds) =>
        from kind in kinds
        from step in Steps.Prepend(FaultStep.Connect)
        where step != FaultStep.Connect || kind.Name is "reset before the body" or "stall before the body"
        select new TheoryDataRow<string, string>(kind.Name, step);
}
