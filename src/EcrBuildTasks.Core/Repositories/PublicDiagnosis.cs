using EcrBuildTasks.Aws;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Repositories;

/// <summary>Words for public registries that are not what they were taken for.</summary>
public static class PublicDiagnosis
{
    /// <summary>The registry is none of the caller's account.</summary>
    /// <param name="aliases">Those that are the caller's.</param>
    public static EcrDiagnostic OthersRegistry(EcrRegistry registry, CallersAliases aliases) =>
        EcrDiagnostic.Error(
            EcrCode.PublicAliasOfAnother,
            registry.Account.Length > 0
                ? $"The public registry {registry} belongs to account {registry.Account}. {Own(registry, aliases)}"
                : $"The public registry {registry} belongs to another account, or to none. {Own(registry, aliases)}",
            "Only the account of a public registry creates its repositories and reads or sets their policies. If that account is yours too, use its credentials."
        );

    internal static EcrDiagnostic NoSuchRegistry(EcrRegistry registry, CallersAliases? aliases) =>
        EcrDiagnostic.Error(
            EcrCode.PublicAliasUnknown,
            $"The public registry {registry} does not exist.{(aliases is null ? "" : $" {Own(registry, aliases)}")}",
            "A custom alias cannot be used until AWS approves it. This command lists the aliases of your account:",
            "  aws ecr-public describe-registries --region us-east-1"
        );

    private static string Own(EcrRegistry registry, CallersAliases aliases) =>
        aliases.Names.Count > 0
            ? $"That of the caller's account {aliases.Account} is {string.Join(" or ", aliases.Names.Select(alias => $"{registry.Host}/{alias}"))}."
            : "The caller's account has none yet: AWS gives it an alias with its first public repository.";
}
