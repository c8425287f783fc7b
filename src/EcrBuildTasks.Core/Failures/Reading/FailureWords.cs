using EcrBuildTasks.Preflight;

namespace EcrBuildTasks.Failures.Reading;

/// <summary>Words for what a text tells of a failure.</summary>
internal static class FailureWords
{
    public static string Cause(FailureReading reading) =>
        reading switch
        {
            { Principal: { } principal, Action: { } action } =>
                $"{principal} may not perform {action}{On(reading)}: {Lower(reading.Kind.Cause)}",
            { Action: { } action } => $"{action} is denied{On(reading)}: {Lower(reading.Kind.Cause)}",
            { Code: null } => reading.Kind.Cause,
            _ => $"{At(reading)}{reading.Kind.Cause}",
        };

    public static EcrDiagnostic Of(FailureReading reading, EcrCode code)
    {
        var fixes = reading.Fixes;
        return EcrDiagnostic.Error(
            code,
            reading.Cause,
            [
                .. Why(reading),
                .. reading.Kind.Remedies,
                .. reading.FixNote is { } note ? [note] : Array.Empty<string>(),
                .. fixes.SelectMany(DenialDiagnosis.Show),
                .. fixes.Count > 0 && reading.Kind == FailureKind.NoResourcePolicy
                    ?
                    [
                        "The caller's own policies in its account must allow the same; AWS does not say whether they do.",
                    ]
                    : Array.Empty<string>(),
            ]
        );
    }

    private static IEnumerable<string> Why(FailureReading reading)
    {
        if (reading.PolicyType is { } type)
        {
            yield return $"Why: AWS names {(reading.Reason!.IsExplicit ? "an explicit deny in" : "as silent")} the {type}{(reading.PolicyArn is { } arn ? $" {arn}" : "")}.";
        }
    }

    private static string On(FailureReading reading) =>
        reading.Resource is { } resource ? $" on {(resource == "*" ? "any resource" : resource)}" : "";

    private static string At(FailureReading reading) =>
        reading.Registry is { } registry
            ? $"{registry}{(reading.Repository is { } repository ? $"/{repository}" : "")}: "
            : "";

    private static string Lower(string sentence) =>
        char.IsUpper(sentence[1]) ? sentence : char.ToLowerInvariant(sentence[0]) + sentence[1..];
}
