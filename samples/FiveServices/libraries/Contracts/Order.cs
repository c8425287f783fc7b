namespace Contracts;

/// <summary>The message that the services exchange.</summary>
public sealed record Order(int Number, string Product);
