using EcrBuildTasks.Emulator.Configuration;
using EcrBuildTasks.Policies;

namespace EcrBuildTasks.Emulator.Identity;

/// <summary>Parses the policies of the options, naming the one that is wrong.</summary>
internal static class PolicyText
{
    public static PolicyDocument Parse(string text, string where)
    {
        try
        {
            return PolicyDocument.Parse(text);
        }
        catch (PolicyFormatException error)
        {
            throw new EmulatorConfigurationException($"The {where} is not a valid IAM policy: {error.Message}", error);
        }
    }

    public static PolicyDocument? ParseOptional(string? text, string where) => text is null ? null : Parse(text, where);

    public static IReadOnlyList<NamedPolicy> ParseAll(IEnumerable<IamPolicy> policies, string owner) =>
        [
            .. policies.Select(policy => new NamedPolicy(
                policy.Name,
                Parse(policy.Document, $"policy {policy.Name} of {owner}")
            )),
        ];
}
