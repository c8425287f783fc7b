terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.0"
    }
  }
}

variable "name" {
  type        = string
  description = "The name of the repository"
  default     = "hello-api"
}

variable "pipeline_account" {
  type        = string
  description = "The account of the pipeline's role, 12 digits"
}

variable "role_name" {
  type        = string
  description = "The name of the pipeline's role"
  default     = "hello-api-push"
}

resource "aws_ecr_repository" "repository" {
  name                 = var.name
  image_tag_mutability = "IMMUTABLE"

  image_scanning_configuration {
    scan_on_push = true
  }
}

# Across accounts, both this policy and the policy of the role must allow the push. Within one account, the policy of the role is sufficient.
resource "aws_ecr_repository_policy" "push" {
  repository = aws_ecr_repository.repository.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "AllowPushByPipeline"
        Effect    = "Allow"
        Principal = { AWS = "arn:aws:iam::${var.pipeline_account}:root" }
        Action = [
          "ecr:BatchCheckLayerAvailability",
          "ecr:BatchGetImage",
          "ecr:InitiateLayerUpload",
          "ecr:UploadLayerPart",
          "ecr:CompleteLayerUpload",
          "ecr:PutImage",
        ]
        # The role by its name, so that the statement remains valid if the role is deleted and created again.
        Condition = {
          ArnLike = {
            "aws:PrincipalArn" = "arn:aws:iam::${var.pipeline_account}:role/${var.role_name}"
          }
        }
      },
    ]
  })
}

output "repository_arn" {
  value = aws_ecr_repository.repository.arn
}
