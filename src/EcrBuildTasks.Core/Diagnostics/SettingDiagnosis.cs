using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Diagnostics;

/// <summary>Words for settings that cannot be used.</summary>
public static class SettingDiagnosis
{
    /// <summary>A name breaks the rules of its kind.</summary>
    internal static EcrDiagnostic Of(ReferenceFormatException failure)
    {
        var (code, what) = failure.Part switch
        {
            ReferencePart.Registry => (EcrCode.RegistryInvalid, "The registry"),
            ReferencePart.Alias => (EcrCode.PublicAliasMissing, "The image"),
            ReferencePart.Repository => (EcrCode.RepositoryNameInvalid, "The repository name"),
            _ => (EcrCode.TagInvalid, "The tag"),
        };
        return EcrDiagnostic.Error(code, $"{what} '{failure.Input}' {failure.Problem}. {failure.Remedy}");
    }

    /// <summary>A property has a value that it cannot have.</summary>
    internal static EcrDiagnostic PropertyValue(string property, string value, IReadOnlyList<string> allowed) =>
        EcrDiagnostic.Error(
            EcrCode.PropertyValueInvalid,
            $"The property {property} cannot be '{value}'. It is one of: {string.Join(", ", allowed)}."
        );

    /// <summary>A push of another project of the solution has failed in this build.</summary>
    public static EcrDiagnostic PushOfSolutionFailed(string repository, IReadOnlyList<string> projects) =>
        EcrDiagnostic.Error(
            EcrCode.SolutionHeldBack,
            $"{repository} is not pushed, because the push of {string.Join(", ", projects)} has failed in this build."
        );

    /// <summary>A property's name is none of ours.</summary>
    public static EcrDiagnostic UnknownProperty(string property, string? nearest) =>
        EcrDiagnostic.Warning(
            EcrCode.PropertyUnknown,
            $"There is no property {property}, so it has no effect."
                + (nearest is null ? "" : $" Did you mean {nearest}?")
        );
}
