using EcrBuildTasks.Aws;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Repositories;

/// <summary>Diagnostics for public registries that do not exist or belong to another account.</summary>
public static class PublicDiagnosis
{
    /// <summary>The registry does not belong to the caller's account.</summary>
    /// <param name="aliases">The aliases of the caller's account.</param>
    public static EcrDiagnostic OthersRegistry(EcrRegistry registry, CallersAliases aliases) =>
        EcrDiagnostic.Error(
            EcrCode.PublicAliasOfAnother,
            registry.Account.Length > 0
                ? $"The public registry {registry} belongs to account {registry.Account}. {Own(registry, aliases)}"
                : $"The public registry {registry} belongs to another account or does not exist. {Own(registry, aliases)}",
            "Only the account that owns a public registry can create repositories in it and read or set their policies. If you also own that account, use its credentials."
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
            ? $"The public registry of the caller's account {aliases.Account} is {string.Join(" or ", aliases.Names.Select(alias => $"{registry.Host}/{alias}"))}."
            : "The caller's account has no public registry yet: AWS assigns an alias when the first public repository is created.";
}
