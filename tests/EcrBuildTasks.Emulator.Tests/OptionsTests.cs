using EcrBuildTasks.Emulator.Configuration;
using EcrBuildTasks.Emulator.Tests.Clients;

namespace EcrBuildTasks.Emulator.Tests;

public sealed class OptionsTests : IDisposable
{
    private readonly Home home = new();

    public void Dispose() => home.Dispose();

    private string Write(string json)
    {
        var file = home.PathOf("emulator.json");
        File.WriteAllText(file, json);
        return file;
    }

    [Fact]
    public async Task A_file_says_all_that_an_emulator_needs()
    {
        var file = Write(
            """
            {
              // Comments are welcome.
              "tokenLifetime": "01:00:00",
              "accounts": [
                {
                  "id": "444455556666",
                  "users": [
                    {
                      "name": "owner",
                      "accessKeys": [{ "id": "AKIAOWNER", "secret": "secret-of-owner" }],
                      "identityPolicies": [
                        {
                          "name": "all",
                          "document": { "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Action": "ecr:*", "Resource": "*" }] }
                        }
                      ]
                    }
                  ],
                  "registries": [{ "region": "eu-west-1", "repositories": [{ "name": "hello-api", "tags": { "team": "blue" } }] }]
                }
              ],
              "publicImages": [{ "name": "public/base", "tag": "1" }]
            }
            """
        );

        await using var emulator = await EcrEmulator.StartAsync(
            EmulatorOptions.Load(file),
            TestContext.Current.CancellationToken
        );

        using var owner = new EcrCaller(emulator, Scenario.OwnerKey);
        var answer = await owner.AnswerAsync("DescribeRepositories");
        answer.GetProperty("repositories")[0].GetProperty("repositoryName").GetString().ShouldBe("hello-api");
    }

    [Theory]
    [InlineData("""{"acounts":[]}""", "acounts")]
    [InlineData("not JSON", "LineNumber: 0")]
    public void A_file_that_is_not_understood_is_refused_with_its_name(string json, string says)
    {
        var file = Write(json);

        var error = Should.Throw<EmulatorConfigurationException>(() => EmulatorOptions.Load(file));

        error.Message.ShouldContain(file);
        error.Message.ShouldContain(says);
    }

    [Fact]
    public async Task A_policy_that_is_none_is_named()
    {
        var options = Scenario.Options(ci: Scenario.Ci() with { IdentityPolicies = [new("broken", "{}")] });

        var error = await Should.ThrowAsync<EmulatorConfigurationException>(() =>
            EcrEmulator.StartAsync(options, TestContext.Current.CancellationToken)
        );

        error.Message.ShouldContain(" broken ");
        error.Message.ShouldContain(Scenario.CiRoleArn);
    }

    [Theory]
    [InlineData("Hello Api")]
    [InlineData("a")]
    [InlineData("a:1")]
    public async Task A_repository_that_ECR_would_not_create_is_refused(string name)
    {
        var options = new EmulatorOptions
        {
            Accounts =
            [
                new(Scenario.OwnerAccount) { Registries = [new(Scenario.Region) { Repositories = [new(name)] }] },
            ],
        };

        var error = await Should.ThrowAsync<EmulatorConfigurationException>(() =>
            EcrEmulator.StartAsync(options, TestContext.Current.CancellationToken)
        );

        error.Message.ShouldContain($"'{name}'");
    }

    [Fact]
    public void Secrets_are_not_printed()
    {
        var printed = Scenario.Options().ToString() + Scenario.CiKey + Scenario.Ci().Sessions[0];

        printed.ShouldContain(Scenario.CiKey.Id);
        printed.ShouldNotContain(Scenario.CiKey.Secret);
        printed.ShouldNotContain(Scenario.CiKey.SessionToken!);
    }
}
