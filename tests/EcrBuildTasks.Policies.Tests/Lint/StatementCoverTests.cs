using EcrBuildTasks.Policies;
using EcrBuildTasks.Policies.Fixes;
using EcrBuildTasks.Policies.Lint;
using static EcrBuildTasks.Policies.Tests.Samples;

namespace EcrBuildTasks.Policies.Tests.Lint;

public sealed class StatementCoverTests
{
    private const string Put = "\"Action\":\"ecr:PutImage\"";
    private const string Everyone = "\"Principal\":\"*\"";
    private const string Role = $$"""{"AWS":"arn:aws:iam::{{Other}}:role/ci"}""";
    private const string Session = $$"""{"AWS":"arn:aws:sts::{{Other}}:assumed-role/ci/run-1"}""";
    private const string OtherSession = $$"""{"AWS":"arn:aws:sts::{{Other}}:assumed-role/ci2/run-1"}""";
    private const string Account = $$"""{"AWS":"arn:aws:iam::{{Other}}:root"}""";
    private const string AccountOfChina = $$"""{"AWS":"arn:aws-cn:iam::{{Other}}:root"}""";
    private const string RoleOfChina = $$"""{"AWS":"arn:aws-cn:iam::{{Other}}:role/ci"}""";
    private const string AccountId = $$"""{"AWS":"{{Other}}"}""";
    private const string Id = """{"AWS":"AROAEXAMPLEEXAMPLE"}""";
    private const string Service = """{"Service":"ecs.amazonaws.com"}""";
    private const string Tls = "\"Bool\":{\"aws:SecureTransport\":\"true\"}";
    private const string Organization = "\"StringEquals\":{\"aws:PrincipalOrgID\":[\"o-a\",\"o-b\"]}";

    [Theory]
    [InlineData("\"Action\":\"ecr:PutImage\"", "\"Action\":\"*\"", true)]
    [InlineData("\"Action\":\"ecr:PutImage\"", "\"Action\":\"ecr:putimage\"", true)]
    [InlineData("\"Action\":\"ecr:PutImage\"", "\"Action\":\"ecr:Put*\"", true)]
    [InlineData("\"Action\":\"ecr:PutImage\"", "\"Action\":\"ecr:*e\"", true)]
    [InlineData("\"Action\":\"ecr:PutImage\"", "\"Action\":\"ecr:P*t*g*\"", true)]
    [InlineData("\"Action\":\"ecr:PutImage\"", "\"Action\":\"ecr:Put\"", false)]
    [InlineData("\"Action\":\"ecr:PutImage\"", "\"Action\":\"s3:*\"", false)]
    [InlineData("\"Action\":\"ecr:Put*\"", "\"Action\":\"ecr:PutImage\"", false)]
    [InlineData("\"Action\":[\"ecr:PutImage\",\"ecr:GetX\"]", "\"Action\":\"ecr:Put*\"", false)]
    [InlineData("\"Action\":\"ecr:PutImage\"", "\"NotAction\":\"ecr:GetX\"", true)]
    [InlineData("\"Action\":\"ecr:PutImage\"", "\"NotAction\":\"ecr:Put*\"", false)]
    [InlineData("\"Action\":\"ecr:Put*\"", "\"NotAction\":\"ecr:PutImage\"", false)]
    [InlineData("\"NotAction\":\"ecr:PutImage\"", "\"Action\":\"*\"", true)]
    [InlineData("\"NotAction\":\"ecr:PutImage\"", "\"Action\":\"ecr:*\"", false)]
    [InlineData("\"NotAction\":[\"ecr:Put*\",\"ecr:GetX\"]", "\"NotAction\":[\"ecr:PutImage\"]", true)]
    [InlineData("\"NotAction\":\"ecr:PutImage\"", "\"NotAction\":[\"ecr:PutImage\",\"ecr:GetX\"]", false)]
    public void Actions_are_cancelled_when_each_is_denied(string allowed, string denied, bool isCancelled) =>
        IsCancelled($"{Everyone},{allowed}", $"{Everyone},{denied}").ShouldBe(isCancelled);

    [Theory]
    [InlineData(Role, "\"*\"", true)]
    [InlineData(Role, Role, true)]
    [InlineData(Role, Account, true)]
    [InlineData(Role, AccountId, true)]
    [InlineData(Role, AccountOfChina, false)]
    [InlineData(RoleOfChina, AccountId, true)]
    [InlineData(Session, Role, true)]
    [InlineData(Session, RoleOfChina, false)]
    [InlineData(OtherSession, Role, false)]
    [InlineData(Role, Session, false)]
    [InlineData(Id, Account, false)]
    [InlineData(Id, Id, true)]
    [InlineData(Service, Account, false)]
    [InlineData(Account, Role, false)]
    [InlineData("\"*\"", Account, false)]
    public void Principals_are_cancelled_when_each_is_denied(string allowed, string denied, bool isCancelled) =>
        IsCancelled($"\"Principal\":{allowed},{Put}", $"\"Principal\":{denied},{Put}").ShouldBe(isCancelled);

    [Theory]
    [InlineData(Everyone, true)]
    [InlineData($"\"Principal\":{Account}", false)]
    [InlineData($"\"NotPrincipal\":{Role}", true)]
    [InlineData($"\"NotPrincipal\":{Account}", false)]
    [InlineData(
        $$"""
            "NotPrincipal":{"AWS":["arn:aws:iam::{{Other}}:role/ci","arn:aws:iam::{{Other}}:root"]}
            """,
        false
    )]
    public void All_but_a_few_are_cancelled_when_everyone_is_denied(string denied, bool isCancelled) =>
        IsCancelled($"\"NotPrincipal\":{Role},{Put}", $"{denied},{Put}").ShouldBe(isCancelled);

    [Theory]
    [InlineData("", "", true)]
    [InlineData(Tls, "", true)]
    [InlineData(Tls, Tls, true)]
    [InlineData(Tls, "\"Bool\":{\"aws:securetransport\":[\"true\"]}", true)]
    [InlineData($"{Tls},{Organization}", Tls, true)]
    [InlineData("", Tls, false)]
    [InlineData(Tls, "\"Bool\":{\"aws:SecureTransport\":\"false\"}", false)]
    [InlineData(Tls, "\"Bool\":{\"aws:ViaAWSService\":\"true\"}", false)]
    [InlineData(Tls, "\"BoolIfExists\":{\"aws:SecureTransport\":\"true\"}", false)]
    [InlineData(Organization, "\"StringEquals\":{\"aws:PrincipalOrgID\":[\"o-b\",\"o-a\"]}", true)]
    [InlineData(Organization, "\"StringEquals\":{\"aws:PrincipalOrgID\":\"o-a\"}", false)]
    [InlineData(Organization, $"{Tls},{Organization}", false)]
    public void A_denial_cancels_under_no_further_condition(string allowed, string denied, bool isCancelled) =>
        IsCancelled($"{Everyone},{Put},\"Condition\":{{{allowed}}}", $"{Everyone},{Put},\"Condition\":{{{denied}}}")
            .ShouldBe(isCancelled);

    [Theory]
    [InlineData(",\"Resource\":\"a\"", "", true)]
    [InlineData(",\"Resource\":\"a\"", ",\"Resource\":\"*\"", true)]
    [InlineData("", ",\"Resource\":\"*\"", true)]
    [InlineData(",\"Resource\":\"a\"", ",\"Resource\":[\"a\"]", true)]
    [InlineData(",\"NotResource\":\"a\"", ",\"NotResource\":\"a\"", true)]
    [InlineData(",\"Resource\":\"a\"", ",\"Resource\":\"b\"", false)]
    [InlineData(",\"Resource\":\"a\"", ",\"NotResource\":\"a\"", false)]
    [InlineData(",\"Resource\":\"a\"", ",\"NotResource\":\"*\"", false)]
    [InlineData("", ",\"Resource\":\"a\"", false)]
    public void A_denial_cancels_what_is_about_no_further_resource(string allowed, string denied, bool isCancelled) =>
        IsCancelled($"{Everyone},{Put}{allowed}", $"{Everyone},{Put}{denied}").ShouldBe(isCancelled);

    [Theory]
    [InlineData($"\"Principal\":{Account}", $"\"Principal\":{Role}", true)]
    [InlineData($"\"Principal\":{Role}", $"\"Principal\":{Account}", false)]
    [InlineData(Everyone, $"\"NotPrincipal\":{Role}", true)]
    [InlineData($"\"Principal\":{Account}", $"\"NotPrincipal\":{Role}", false)]
    [InlineData($"\"NotPrincipal\":{Role}", $"\"Principal\":{OtherSession}", true)]
    [InlineData($"\"NotPrincipal\":{Role}", $"\"Principal\":{Session}", false)]
    [InlineData($"\"NotPrincipal\":{Session}", $"\"Principal\":{Role}", false)]
    [InlineData($"\"NotPrincipal\":{Role}", $"\"Principal\":{Account}", false)]
    [InlineData($"\"NotPrincipal\":{Account}", $"\"Principal\":{Role}", false)]
    [InlineData($"\"NotPrincipal\":{AccountOfChina}", $"\"Principal\":{Role}", true)]
    [InlineData($"\"NotPrincipal\":{Id}", $"\"Principal\":{Role}", false)]
    [InlineData($"\"NotPrincipal\":{Role}", Everyone, false)]
    public void An_Allow_reaches_the_callers_of_another(string broad, string narrow, bool reaches) =>
        Parse("Allow", $"{broad},{Put}").ReachesAllOf(Parse("Allow", $"{narrow},{Put}")).ShouldBe(reaches);

    private static bool IsCancelled(string allow, string deny) =>
        Parse("Allow", allow).IsCancelledBy([Parse("Deny", deny)]);

    private static Statement Parse(string effect, string elements) =>
        Statement.Parse($$"""{"Effect":"{{effect}}",{{elements}}}""");
}
