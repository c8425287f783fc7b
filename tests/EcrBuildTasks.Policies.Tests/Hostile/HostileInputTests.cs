using System.Text.Json;
using EcrBuildTasks.Policies;
using EcrBuildTasks.Policies.Names;
using FsCheck.Xunit;
using static EcrBuildTasks.Policies.Tests.Samples;

namespace EcrBuildTasks.Policies.Tests.Hostile;

public sealed class HostileInputTests
{
    private const int Tries = 10_000;

    [Property(Arbitrary = [typeof(MangledPolicies)], MaxTest = Tries)]
    public bool A_mangled_policy_is_refused_or_read_and_evaluated(MangledText mangled)
    {
        PolicyDocument policy;
        try
        {
            policy = PolicyDocument.Parse(mangled.Text);
        }
        catch (PolicyFormatException refusal)
        {
            return refusal.Message.Length > 0;
        }

        foreach (var sample in PolicyCase.All.Take(5))
        {
            PolicyEvaluator.Evaluate(sample.Request, sample.Policies with { RepositoryPolicy = policy });
        }

        return PolicyDocument.Parse(policy.ToJson()).Statements.Count == policy.Statements.Count;
    }

    [Property(Arbitrary = [typeof(MangledNames)], MaxTest = Tries)]
    public bool A_mangled_name_is_refused_or_read_and_says_itself_again(MangledText mangled) =>
        IsRefusedOr(() => EcrRegistry.Parse(mangled.Text), host => EcrRegistry.Parse(host.ToString()) == host)
        && IsRefusedOr(
            () => RepositoryName.Parse(mangled.Text, RegistryKind.Private),
            name => RepositoryName.Parse(name, RegistryKind.Private) == name
        )
        && IsRefusedOr(() => ImageTags.Parse([mangled.Text]), tags => ImageTags.Parse(tags).SequenceEqual(tags));

    [Fact]
    public Task Wildcards_made_to_backtrack_are_matched_in_bounded_time() =>
        WithoutHanging(() =>
        {
            var pattern = string.Concat(Enumerable.Repeat("*a", 2_000)) + "b";
            var policy = PolicyDocument.Parse(
                $$$$$"""{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"ecr:*","Condition":{"StringLike":{"aws:userid":"{{{{{pattern}}}}}"}}}}"""
            );
            var sample = PolicyCase.All[0];
            var request = sample.Request with
            {
                Context = RequestContext.Complete([
                    KeyValuePair.Create<string, IReadOnlyList<string>>("aws:userid", [new('a', 20_000)]),
                ]),
            };

            PolicyEvaluator
                .Evaluate(request, new() { RepositoryPolicy = policy, IdentityPolicies = [] })
                .Verdict.ShouldBe(Verdict.ImplicitlyDenied);
        });

    /// <summary>Statements and principals are compared with each other, so their number must be bounded.</summary>
    [Fact]
    public void A_policy_that_is_much_longer_than_AWS_accepts_is_refused()
    {
        static string Of(int statements) =>
            "{ \"Statement\" : [ " + string.Join(" , ", Enumerable.Repeat(Allow("\"*\""), statements)) + " ] }";

        var shortest = PolicyDocument.Parse(Of(1)).ToJson().Length;
        var most = (PolicyReader.MostCharacters - shortest) / (Allow("\"*\"").Length + 1) + 1;

        PolicyDocument.Parse(Of(most)).Statements.Count.ShouldBe(most);
        Should.Throw<PolicyFormatException>(() => PolicyDocument.Parse(Of(most + 1))).Message.ShouldContain("10240");
        Should.Throw<PolicyFormatException>(() => PolicyDocument.Parse(JsonElement.Parse(Of(60_000))));
        most.ShouldBeLessThan(1_000);
    }

    [Fact]
    public Task A_policy_nested_without_end_is_refused() =>
        WithoutHanging(() =>
        {
            var deep = $$"""{"Version":"2012-10-17","Statement":{{new string('[', 1_000_000)}}}""";

            Should.Throw<PolicyFormatException>(() => PolicyDocument.Parse(deep));
        });

    private static Task WithoutHanging(Action read) =>
        Task.Run(read, TestContext.Current.CancellationToken)
            .WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

    private static bool IsRefusedOr<T>(Func<T> read, Func<T, bool> holds)
    {
        try
        {
            return holds(read());
        }
        catch (ReferenceFormatException refusal)
        {
            return refusal.Message.Length > 0;
        }
    }
}
