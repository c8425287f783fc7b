namespace EcrBuildTasks.Emulator.Configuration;

/// <summary>
/// A ready-made account, for a test that needs only one and for a first try: a user with an access key, a registry in one region with one
/// repository, and a base image. For anything else, write <see cref="EmulatorOptions"/>, or change what <see cref="Create"/> returns with
/// <c>with</c>.
/// </summary>
public static class ExampleAccount
{
    /// <summary>The account's 12 digits.</summary>
    public const string Id = "444455556666";

    /// <summary>The region of its registry.</summary>
    public const string Region = "eu-west-1";

    /// <summary>The repository that it has unless <see cref="Create"/> is given another name.</summary>
    public const string Repository = "hello-api";

    /// <summary>
    /// Its registry's host, as a project or a pipeline names it. Clients that use <c>AWS_ENDPOINT_URL</c> reach the emulator by it; docker and
    /// other clients of the registry protocol need the authority of <see cref="EcrEmulator.Endpoint"/> instead.
    /// </summary>
    public const string RegistryHost = $"{Id}.dkr.ecr.{Region}.amazonaws.com";

    /// <summary>
    /// An image that anyone can pull from the authority of <see cref="EcrEmulator.Endpoint"/>, so that a build with this
    /// <c>ContainerBaseImage</c> needs no internet.
    /// </summary>
    public const string BaseImage = "public/base:1";

    /// <summary>The credentials of its user, for <see cref="EcrEmulator.EnvironmentFor"/>.</summary>
    public static AccessKey Key { get; } = new("AKIADEMOOWNER", "demo-owner");

    /// <summary>The options for an emulator with this account.</summary>
    /// <param name="repository">The name of the repository.</param>
    /// <param name="identityPolicy">The JSON of the user's identity policy; without one, the user is allowed everything.</param>
    /// <param name="repositoryPolicy">The JSON of the repository policy; <see langword="null"/> for none.</param>
    public static EmulatorOptions Create(
        string repository = Repository,
        string? identityPolicy = null,
        string? repositoryPolicy = null
    ) =>
        new()
        {
            Accounts =
            [
                new(Id)
                {
                    Users =
                    [
                        new("owner")
                        {
                            AccessKeys = [Key],
                            IdentityPolicies = [new("example", identityPolicy ?? AllowEverything)],
                        },
                    ],
                    Registries = [new(Region) { Repositories = [new(repository) { Policy = repositoryPolicy }] }],
                },
            ],
            PublicImages = [new("public/base", "1")],
        };

    private const string AllowEverything =
        """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}""";
}
