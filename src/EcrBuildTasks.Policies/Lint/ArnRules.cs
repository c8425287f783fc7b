using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Policies.Lint;

/// <summary>ARNs that cannot be meant: of another partition, or a resource where there can be none.</summary>
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
                "has a Resource, which ECR refuses: a repository policy is about its repository. Remove it."
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
                $"names {arn}, of the partition {PartitionOf(arn)}, while the registry is in {partition}: no caller there has such an ARN. Begin it with arn:{partition}:."
            );
        }
    }

    private static string? PartitionOf(string arn) =>
        Arn.Parse(arn) is { Partition: var partition } && !partition.AsSpan().ContainsAny('*', '?', '$')
            ? partition
            : null;
}
