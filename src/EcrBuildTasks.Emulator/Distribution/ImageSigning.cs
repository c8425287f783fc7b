using EcrBuildTasks.Emulator.Authorization;
using EcrBuildTasks.Emulator.Configuration;
using EcrBuildTasks.Emulator.Identity;
using EcrBuildTasks.Emulator.Storage;
using EcrBuildTasks.Policies;
using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Emulator.Distribution;

/// <summary>
/// Decides whether ECR could sign what is pushed, by the registry's signing rules and with the identity of the caller. No signature is made.
/// </summary>
internal sealed class ImageSigning(RegistryStore store, Authorizer authorizer, EmulatorOptions options)
{
    private readonly Dictionary<string, string?> _profilePolicies = options
        .Accounts.SelectMany(account =>
            account.SigningProfiles.Select(profile =>
                (Name: $"{account.Id}:/signing-profiles/{profile.Name}", profile.Policy)
            )
        )
        .ToDictionary(profile => profile.Name, profile => profile.Policy, StringComparer.Ordinal);

    public void Sign(Repository repository, Image image, CallingPrincipal caller, RequestOrigin origin) =>
        store.Change(
            repository.Account,
            repository.Region,
            registry =>
            {
                var before = repository.Images[image.Digest];
                var now = RulesOf(registry)
                    .Where(rule => rule.AppliesTo(repository.Name))
                    .Select(rule => rule.ProfileArn)
                    .Distinct(StringComparer.Ordinal)
                    // Pushed again, an image gets the signatures that it lacks. AWS does not document whether it does.
                    .Where(profile => !before.Signatures.Any(one => one.Profile == profile && one.Failure is null))
                    .Select(profile => new Signature(profile, FindDenial(profile, caller, origin)))
                    .ToList();
                return repository.Images[image.Digest] = before with
                {
                    Signatures =
                    [
                        .. before.Signatures.Where(one => now.TrueForAll(other => other.Profile != one.Profile)),
                        .. now,
                    ],
                };
            }
        );

    private static IEnumerable<SigningRule> RulesOf(Registry registry) =>
        (registry.Configurations.GetValueOrDefault(Registry.SigningConfiguration)?["rules"]?.AsArray() ?? []).Select(
            rule => new SigningRule(
                (string)rule!["signingProfileArn"]!,
                [.. (rule["repositoryFilters"]?.AsArray() ?? []).Select(filter => (string)filter!["filter"]!)]
            )
        );

    private string? FindDenial(string profile, CallingPrincipal caller, RequestOrigin origin)
    {
        var arn = Arn.Parse(profile)!;
        var policy = _profilePolicies.GetValueOrDefault($"{arn.Account}:{arn.Resource}");
        return authorizer.FindDenial(
            new Access(caller, SignerActions.SignPayload, profile, arn.Account, origin),
            policy is null ? null : PolicyDocument.Parse(policy)
        );
    }
}
