using System.Text.Json;
using EcrBuildTasks.Policies;
using FsCheck.Xunit;

namespace EcrBuildTasks.Policies.Tests;

public sealed class DenialMessageTests
{
    private static readonly Dictionary<string, (PolicyKind? Kind, bool IsExplicit)> ByKind = new(StringComparer.Ordinal)
    {
        ["denied-no-resource-policy"] = (PolicyKind.Repository, false),
        ["denied-no-identity-policy"] = (PolicyKind.Identity, false),
        ["denied-no-vpce-policy"] = (PolicyKind.VpcEndpoint, false),
        ["denied-no-boundary"] = (PolicyKind.PermissionsBoundary, false),
        ["denied-no-session-policy"] = (PolicyKind.Session, false),
        ["denied-unspecified"] = (null, false),
        ["denied-explicit"] = (null, true),
        ["denied-explicit-scp"] = (PolicyKind.ServiceControl, true),
        ["denied-explicit-rcp"] = (PolicyKind.ResourceControl, true),
        ["denied-explicit-vpce"] = (PolicyKind.VpcEndpoint, true),
        ["denied-explicit-boundary"] = (PolicyKind.PermissionsBoundary, true),
        ["denied-explicit-session"] = (PolicyKind.Session, true),
        ["denied-explicit-resource-policy"] = (PolicyKind.Repository, true),
        ["denied-explicit-identity"] = (PolicyKind.Identity, true),
    };

    public static TheoryData<string, string> Texts(bool denials)
    {
        var path = Path.Combine(AppContext.BaseDirectory, "ecr-errors.json");
        using var texts = JsonDocument.Parse(File.ReadAllText(path));
        var data = new TheoryData<string, string>();
        foreach (var text in texts.RootElement.EnumerateArray())
        {
            var kind = text.GetProperty("kind").GetString()!;
            var words = text.GetProperty("text").GetString()!;
            if (
                denials
                    ? ByKind.ContainsKey(kind) && words.Contains("User: ")
                    : !kind.StartsWith("denied", StringComparison.Ordinal)
            )
            {
                data.Add(kind, words);
            }
        }

        return data;
    }

    [Theory]
    [InlineData(
        ". Go to https://eu-west-1.console.aws.amazon.com/iam/home?region=eu-west-1#/authorization-details/ab12 for complete details, or call the GetRequestAuthorizationDetails API with the following authorization id: ab12",
        "ab12",
        "eu-west-1"
    )]
    [InlineData(
        "  Go to https://console.amazonaws.cn/iam/home?region=cn-north-1#/authorization-details/ab12",
        "ab12",
        "cn-north-1"
    )]
    [InlineData(
        ". Call the GetRequestAuthorizationDetails API with the following authorization id: ab12",
        "ab12",
        null
    )]
    [InlineData("", null, null)]
    [InlineData(". Go to https://x.example/#/authorization-details/$(id)", null, null)]
    public void The_ID_of_the_evaluated_policies_is_found_and_removed(string tail, string? id, string? region)
    {
        const string Denial =
            "User: arn:aws:iam::111122223333:user/ci is not authorized to perform: ecr:PutImage on resource: * with an explicit deny in a service control policy: arn:aws:organizations::111122223333:policy/o-1/p-1";

        var details = AuthorizationDetails.Find(Denial + tail);

        (details?.Id, details?.Region).ShouldBe((id, region));
        AuthorizationDetails.RemoveFrom(Denial + tail).ShouldBe(id is null ? Denial + tail : Denial);
        DenialMessage.Find(Denial + tail)!.PolicyArn.ShouldBe("arn:aws:organizations::111122223333:policy/o-1/p-1");
    }

    [Theory]
    [MemberData(nameof(Texts), true)]
    public void A_real_denial_is_taken_apart(string kind, string text)
    {
        var denial = DenialMessage.Find(text).ShouldNotBeNull();

        (denial.PolicyKind, denial.IsExplicit).ShouldBe(ByKind[kind]);
        text.ShouldContain($"User: {denial.Principal} is not authorized to perform: {denial.Action}");
        (denial.Resource is not null).ShouldBe(text.Contains("on resource: "));
    }

    [Theory]
    [MemberData(nameof(Texts), false)]
    public void A_text_that_is_no_denial_gives_none(string kind, string text) =>
        DenialMessage.Find(text).ShouldBeNull($"{kind} is no denial");

    [Fact]
    public void The_ARN_of_the_denying_policy_is_read()
    {
        var denial = DenialMessage.Find(
            "denied: User: arn:aws:iam::123456789012:user/Matt is not authorized to perform: ecr:PutImage on resource: arn:aws:ecr:eu-west-1:123456789012:repository/x with an explicit deny in a service control policy: arn:aws:organizations::987654321098:policy/o-q/service_control_policy/p-2k"
        );

        denial!.PolicyArn.ShouldBe("arn:aws:organizations::987654321098:policy/o-q/service_control_policy/p-2k");
        denial.PolicyKind.ShouldBe(PolicyKind.ServiceControl);
    }

    [Property(MaxTest = 500)]
    public bool Any_text_is_survived(string? before, string? after) =>
        DenialMessage.Find($"{before}User: {after}")?.Action != "";

    [Fact]
    public void A_hostile_text_is_read_in_no_time()
    {
        var text = string.Concat(Enumerable.Repeat("User: a is not authorized to perform: a:b because no ", 20_000));

        DenialMessage.Find(text)!.Action.ShouldBe("a:b");
    }
}
