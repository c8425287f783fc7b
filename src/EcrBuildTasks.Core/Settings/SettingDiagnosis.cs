using EcrBuildTasks.Failures;
using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Settings;

/// <summary>Diagnostics for invalid settings.</summary>
public static class SettingDiagnosis
{
    /// <summary>A name is invalid.</summary>
    internal static EcrDiagnostic NameInvalid(ReferenceFormatException failure)
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

    /// <summary>A property has an invalid value.</summary>
    internal static EcrDiagnostic PropertyValue(string property, string value, IReadOnlyList<string> allowed) =>
        PropertyValue(property, value, $"Use one of: {string.Join(", ", allowed)}.");

    /// <inheritdoc cref="PropertyValue(string, string, IReadOnlyList{string})"/>
    internal static EcrDiagnostic PropertyValue(string property, string value, string remedy) =>
        EcrDiagnostic.Error(
            EcrCode.PropertyValueInvalid,
            $"The property {property} has the invalid value '{value}'. {remedy}"
        );

    /// <summary>The environment variable <c>SOURCE_DATE_EPOCH</c> has an invalid value.</summary>
    internal static EcrDiagnostic EpochInvalid(string value) =>
        EcrDiagnostic.Error(
            EcrCode.PropertyValueInvalid,
            $"The environment variable SOURCE_DATE_EPOCH has the invalid value '{value}'. Set it to a number of seconds since 1970, such as that of `git log -1 --format=%ct`, or remove it."
        );

    /// <summary>A property of a file has an unknown name.</summary>
    public static EcrDiagnostic UnknownProperty(string property, string? nearest) =>
        EcrDiagnostic.Warning(
            EcrCode.PropertyUnknown,
            $"The property {property} does not exist, so it has no effect.{DidYouMean(nearest)}"
        );

    /// <summary>A property of the command line has an unknown name: the image would not be pushed where the user intends.</summary>
    public static EcrDiagnostic UnknownGlobalProperty(string property, string? nearest) =>
        EcrDiagnostic.Error(
            EcrCode.PropertyUnknown,
            $"The property {property} does not exist.{DidYouMean(nearest)} Nothing was pushed."
        );

    /// <summary>The region of a registry differs from that of the property.</summary>
    public static EcrDiagnostic OtherRegion(string region, IReadOnlyList<EcrRegistry> registries) =>
        EcrDiagnostic.Error(
            EcrCode.PropertyValueInvalid,
            $"EcrRegion (--region) is {region}, but the registry {registries[0]} is in {registries[0].Region}. Remove EcrRegion, or correct one of them."
        );

    /// <summary>Several applications of a solution would be pushed to one repository.</summary>
    public static EcrDiagnostic OneRepository(string property, string repository, IReadOnlyList<string> applications) =>
        EcrDiagnostic.Error(
            EcrCode.PropertyValueInvalid,
            $"{property}={repository} applies to every project of the solution, so {string.Join(" and ", applications)} would overwrite each other's images. Set {property} in each project, or push a single project."
        );

    /// <summary>A project is built for several frameworks at once.</summary>
    public static EcrDiagnostic SeveralFrameworks(string frameworks) =>
        EcrDiagnostic.Error(
            EcrCode.TargetFrameworkMissing,
            $"The project has several target frameworks ({frameworks}), but an image is built for only one. Select it: dotnet publish /t:PushToEcr -f <framework>."
        );

    /// <summary>The .NET SDK does not create an image for this kind of project.</summary>
    public static EcrDiagnostic NoImage(string project) =>
        EcrDiagnostic.Error(
            EcrCode.NoImageMade,
            $"The .NET SDK does not create a container image for {project}. Push an application project, or set IsPublishable and EnableSdkContainerSupport to true in the project."
        );

    /// <summary>The .NET SDK did not create an image.</summary>
    public static EcrDiagnostic ImageNotMade() =>
        EcrDiagnostic.Error(
            EcrCode.NoImageMade,
            "The PublishContainer target of the .NET SDK did not create an image. Run `dotnet publish /t:PublishContainer` to find the cause."
        );

    /// <summary>The folder for the results of a push cannot be written.</summary>
    public static EcrDiagnostic NotWritable(string folder, string reason) =>
        EcrDiagnostic.Error(
            EcrCode.ResultsNotWritable,
            $"The results of the push cannot be written to {folder}: {reason} Make the folder writable, or delete it if another user created it."
        );

    private static string DidYouMean(string? nearest) => nearest is null ? "" : $" Did you mean {nearest}?";
}
