using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Policies.Lint;

/// <summary>ARNs in another partition than the registry, and a Resource in a policy that does not support one.</summary>
internal static class ArnRules
{
    public static IEnumerable<LintFinding> Check(LintedStatement linted)
    {
        var (statement, context) = (linted.Statement, linted.Context);
        // AWS's own examples for public repositories have one.
        if (statement.Resource is not null && context is { Kind: PolicyKind.Repository, IsPublic: false })
        {
            yield return linted.Finding(
                LintProblem.ResourceInRepositoryPolicy,
                "has a Resource element, which Amazon ECR does not accept: a repository policy always applies to its own repository. Remove the Resource element."
            );
        }

        if (context.Partition is not { } partition)
        {
            yield break;
        }

        var arns = (statement.Principal?.Principals.Select(principal => principal.Text) ?? [])
            .Concat(linted.CallerConditions.SelectMany(condition => condition.Values))
            .Concat(statement.Resource?.Patterns ?? []);
        foreach (var arn in arns.Where(arn => PartitionOf(arn) is { } other && other != partition))
        {
            yield return linted.Finding(
                LintProblem.WrongPartition,
                $"names {arn} in the partition {PartitionOf(arn)}, but the registry is in the partition {partition}, where no caller has such an ARN. Start the ARN with arn:{partition}:."
            );
        }
    }

    private static string? PartitionOf(string arn) =>
        Arn.Parse(arn) is { Partition: var partition } && !partition.AsSpan().ContainsAny('*', '?', '$')
            ? partition
            : null;
}
