using static EcrBuildTasks.Policies.Tests.Samples;

namespace EcrBuildTasks.Policies.Tests;

public sealed class PolicyDocumentTests
{
    [Theory]
    [InlineData("", "empty")]
    [InlineData(" \n", "empty")]
    [InlineData("{\n  \"Statement\": x}", "line 2, byte 16: ")]
    [InlineData("""{"Statement":[],"Statement":[]}""", "JSON: Duplicate property 'Statement'")]
    [InlineData("[]", "an array")]
    [InlineData("{}", "\"Statement\"")]
    [InlineData("""{"Statement":"x"}""", "\"Statement\"")]
    [InlineData("""{"Statement":{}}""", "\"Action\"|\"Effect\"")]
    [InlineData("""{"Statement":{"Effect":"allow","Action":"*"}}""", "\"allow\"")]
    [InlineData("""{"Statement":{"Effect":"Allow","Action":7}}""", "\"Action\"")]
    [InlineData("""{"Statement":{"Effect":"Allow","Action":"*","Principal":"me"}}""", "\"me\"")]
    [InlineData("""{"Statement":{"Effect":"Allow","Action":"*","Principal":{"Aws":"*"}}}""", "\"Aws\"")]
    [InlineData("""{"Statement":{"Effect":"Allow","Action":"*","Condition":[]}}""", "\"Condition\"")]
    [InlineData("""{"Version":"2020-01-01","Statement":[]}""", "\"Version\"")]
    [InlineData("""{"Statement":[{"Effect":"Allow","Action":"\ud800"}]}""", "Unicode")]
    [InlineData("{\"Id\":\"\\ud800\",\"Statement\":[]}", "Unicode")]
    [InlineData(
        "{\"Statement\":{\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":\"*\",\"More\":\"\\ud800\"}}",
        "Unicode"
    )]
    public void A_text_that_is_no_policy_is_refused_with_the_place_and_the_reason(string json, string reason)
    {
        var exception = Should.Throw<PolicyFormatException>(() => PolicyDocument.Parse(json));

        reason.Split('|').ShouldContain(part => exception.Message.Contains(part, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"Effect":"Allow","Principal":"*","Action":"*","Extra":1}""", "\"Extra\"")]
    [InlineData("""{"Effect":"Allow","Principal":"*","Action":"*","NotAction":"*"}""", "\"NotAction\"")]
    [InlineData("""{"Sid":"Lone","Effect":"Allow","Action":"*"}""", "Lone")]
    public void An_element_that_AWS_would_not_have_stored_makes_the_answer_unknown(string statement, string reason)
    {
        var policies = new PolicySet { RepositoryPolicy = Policy(statement), IdentityPolicies = [] };

        var decision = Ask(Session(Owner), policies);

        decision.Verdict.ShouldBe(Verdict.Unknown);
        decision.Missing.ShouldHaveSingleItem().ShouldContain(reason);
    }

    [Fact]
    public void A_policy_writes_itself_as_it_was_read()
    {
        const string Json =
            """{"Id":"x","Statement":{"Action":"ecr:*","Sid":"a b & c","Effect":"Allow","Principal":{"AWS":["*"]},"Condition":{"Bool":{"aws:SecureTransport":true}}},"Version":"2008-10-17"}""";

        PolicyDocument.Parse(Json).ToJson().ShouldBe(Json);
    }

    [Fact]
    public void An_added_statement_leaves_the_others_as_they_were_and_gets_a_sid_of_its_own()
    {
        var policy = PolicyDocument.Parse(
            """{"Statement":{"Sid":"Push","Effect":"Deny","Principal":"*","Action":"ecr:X","Condition":{"NumericEquals":{"k":30.0}}}}"""
        );
        var added = Statement.Parse("""{"Sid":"Push","Effect":"Allow","Principal":"*","Action":"ecr:Y"}""");

        policy
            .With(added)
            .With(added)
            .ToJson()
            .ShouldBe(
                """{"Statement":[{"Sid":"Push","Effect":"Deny","Principal":"*","Action":"ecr:X","Condition":{"NumericEquals":{"k":30.0}}},"""
                    + """{"Sid":"Push2","Effect":"Allow","Principal":"*","Action":"ecr:Y"},{"Sid":"Push3","Effect":"Allow","Principal":"*","Action":"ecr:Y"}]}"""
            );
    }

    [Theory]
    [InlineData("ecr:PutImage", true)]
    [InlineData("ECR:putimage", true)]
    [InlineData("ecr:Put*", true)]
    [InlineData("ecr:?utImag?", true)]
    [InlineData("*", true)]
    [InlineData("ecr:", false)]
    [InlineData("ecr:Put", false)]
    [InlineData("ecr", false)]
    [InlineData("ec*:PutImage", false)]
    public void An_action_ignores_case_and_knows_wildcards_in_its_name(string pattern, bool matches) =>
        Statement
            .Parse($$"""{"Effect":"Allow","Action":"{{pattern}}","Resource":"*"}""")
            .Action.Matches("ecr:PutImage")
            .ShouldBe(matches);
}
